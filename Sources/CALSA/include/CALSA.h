#ifndef UNDERTONE_CALSA_H
#define UNDERTONE_CALSA_H

#include <alsa/asoundlib.h>

/// Makes alsa-lib keep its complaints to itself: by default it prints them to stderr, in the middle
/// of the screen. The handler is variadic, which Swift cannot write.
void calsa_silence_errors(void);

#endif
