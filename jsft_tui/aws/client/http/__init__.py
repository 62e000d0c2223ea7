"""What goes over the wire between boto3 and AWS: whether it is AWS that answers, and how long that may take."""
