"""Who writes the next block. One package per answer; so far `pox`, mining by proof of transfer."""
