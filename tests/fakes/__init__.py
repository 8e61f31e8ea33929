"""Stand-ins for what costs money: providers on real sockets, scripted by the test."""
