/* Exports nothing. */
int no_entry(void);
int no_entry(void) {
  return 0;
}
