"""What follows for a patient: the ranking of drugs, its context, explanation and counterfactuals, and the outcomes."""
