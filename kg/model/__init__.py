"""Words that all packages share: the vocabulary, the errors, the identifiers, the status of a claim."""
