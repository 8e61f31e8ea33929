"""What is usual for a client, learned from its traffic: its tools, and the calls it makes on the side.

Lists of programs and of their prompts age; what a client did in its last sessions is true of the version that
is running. Kept in memory only, and only hashes, names of tools and counts: a restart learns again.
"""

from proxy.routing.customs.call import Call as Call
from proxy.routing.customs.customs import Customs as Customs
