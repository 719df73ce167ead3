# Prints the report. Changes nothing and waits for nobody.
make_folders
if apply_is_busy; then print_report 1; else print_report 0; fi
