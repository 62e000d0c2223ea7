"""What all dataset formats share: the question, the budgeted reader, findings by kind."""
