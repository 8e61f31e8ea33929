"""Model servers on this machine: finding them, knowing what each can do, and keeping that knowledge true."""
