#ifndef ATTENTION_SPIN_PAUSE_H
#define ATTENTION_SPIN_PAUSE_H

/// Tells the core that the caller is waiting in a loop.
static inline void attn_spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
