"""What facts and graph must hold: the checks and the quality report."""
