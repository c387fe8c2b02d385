"""XSplit Broadcaster: Velora's page in it tells what streams; address and key are copied."""
