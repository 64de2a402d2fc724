"""The command line: wiring, printing and exit codes. The only room that prints or exits."""
