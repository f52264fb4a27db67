// Pixels of vector pictures: the few functions of librsvg and cairo that this takes, from libraries that are found when the program runs.
#ifndef ATTENTION_PICTURES_H
#define ATTENTION_PICTURES_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Opens librsvg by this name, and with it cairo, which it stands on; 0 if all that is needed is there. Otherwise `reason` says in words what is not.
int attn_picture_open(const char *name, char *reason, size_t size);

// Gets the next bytes of a file; 0 if they were taken.
typedef int (*attn_picture_sink)(void *context, const uint8_t *bytes, unsigned int count);

// The SVG document as a PNG file of so many pixels, by the library that was opened last. 0 if that worked, otherwise `reason` says why not.
int attn_picture_png(
    const char *svg, size_t length, int width, int height, attn_picture_sink sink, void *context, char *reason,
    size_t size);

#pragma clang assume_nonnull end

#endif
