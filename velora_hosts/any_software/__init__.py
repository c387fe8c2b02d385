"""Any other software: address and key are copied, and its streams are told by hand or by Velora."""
