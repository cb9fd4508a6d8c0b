// Keeps a module whose folder has only headers a library.
