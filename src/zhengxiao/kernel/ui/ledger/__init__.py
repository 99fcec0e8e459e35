"""The ledger (台账): columns and filters stated once, for the table, Excel, CSV and print."""
