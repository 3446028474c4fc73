/* A library that a driver is linked to, and that is then taken away. */
int gone;
