"""The only sockets: literal addresses, resolvers, TLS, limits, and one vocabulary of failures."""
