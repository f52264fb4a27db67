#define _GNU_SOURCE
#include "attention_pictures.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// What GLib says of an error.
typedef struct failure {
    uint32_t domain;
    int code;
    char *message;
} failure;

typedef struct rectangle {
    double x, y, width, height;
} rectangle;

// CAIRO_FORMAT_ARGB32, CAIRO_STATUS_SUCCESS, CAIRO_STATUS_WRITE_ERROR.
enum { argb32 = 0, success = 0, write_error = 11 };

static struct {
    void *(*handle_new_from_data)(const uint8_t *, size_t, failure **);
    int (*handle_render_document)(void *, void *, const rectangle *, failure **);
    void (*object_unref)(void *);
    void (*error_free)(failure *);
    void *(*surface_create)(int, int, int);
    int (*surface_status)(void *);
    int (*surface_write)(void *, int (*)(void *, const uint8_t *, unsigned int), void *);
    void (*surface_destroy)(void *);
    void *(*create)(void *);
    void (*destroy)(void *);
} library;

int attn_picture_open(const char *name, char *reason, size_t size) {
    void *opened = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!opened) {
        snprintf(reason, size, "%s", dlerror());
        return 1;
    }
    // What librsvg itself is linked with is looked through, too.
    const struct {
        const char *name;
        void *place;
    } needed[] = {
        {"rsvg_handle_new_from_data", &library.handle_new_from_data},
        {"rsvg_handle_render_document", &library.handle_render_document},
        {"g_object_unref", &library.object_unref},
        {"g_error_free", &library.error_free},
        {"cairo_image_surface_create", &library.surface_create},
        {"cairo_surface_status", &library.surface_status},
        {"cairo_surface_write_to_png_stream", &library.surface_write},
        {"cairo_surface_destroy", &library.surface_destroy},
        {"cairo_create", &library.create},
        {"cairo_destroy", &library.destroy},
    };
    for (size_t index = 0; index < sizeof needed / sizeof *needed; ++index) {
        void *function = dlsym(opened, needed[index].name);
        if (!function) {
            snprintf(reason, size, "it has no %s", needed[index].name);
            dlclose(opened);
            return 1;
        }
        memcpy(needed[index].place, &function, sizeof function);
    }
    return 0;
}

typedef struct destination {
    attn_picture_sink sink;
    void *context;
} destination;

static int forward(void *closure, const uint8_t *bytes, unsigned int count) {
    destination *to = closure;
    return to->sink(to->context, bytes, count) ? write_error : success;
}

static void tell(failure *error, char *reason, size_t size) {
    snprintf(reason, size, "%s", error && error->message ? error->message : "no reason was given");
    if (error) library.error_free(error);
}

int attn_picture_png(
    const char *svg, size_t length, int width, int height, attn_picture_sink sink, void *context, char *reason,
    size_t size) {
    failure *error = NULL;
    void *document = library.handle_new_from_data((const uint8_t *)svg, length, &error);
    if (!document) {
        tell(error, reason, size);
        return 1;
    }
    void *surface = library.surface_create(argb32, width, height);
    int result = library.surface_status(surface) != success;
    if (result) {
        snprintf(reason, size, "there is no memory for %d × %d pixels", width, height);
    } else {
        void *pen = library.create(surface);
        rectangle all = {0, 0, width, height};
        result = !library.handle_render_document(document, pen, &all, &error);
        library.destroy(pen);
        if (result) {
            tell(error, reason, size);
        } else {
            destination to = {sink, context};
            result = library.surface_write(surface, forward, &to) != success;
            if (result) snprintf(reason, size, "the file could not be written");
        }
    }
    library.surface_destroy(surface);
    library.object_unref(document);
    return result;
}
