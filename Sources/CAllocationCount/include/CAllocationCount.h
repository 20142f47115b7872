// Counts what the program it is linked into allocates.
#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H

/// How often memory was asked for so far, by whichever library, in any thread.
unsigned long undertone_allocations(void);

#endif
