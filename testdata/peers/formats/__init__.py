"""One module for each format that a peer reads; each has write(model, batch, path)."""
