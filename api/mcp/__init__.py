"""The server for agents: the Model Context Protocol, over stdio and over HTTP."""
