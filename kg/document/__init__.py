"""What people read: a document, made of blocks, and the forms that it has."""
