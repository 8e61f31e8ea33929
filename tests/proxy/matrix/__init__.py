"""Every API that clients speak against every format that providers speak, with the clients' own libraries."""
