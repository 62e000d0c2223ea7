"""What is true: values and rules, pure. No I/O, no boto3, no Textual, no clock of its own."""
