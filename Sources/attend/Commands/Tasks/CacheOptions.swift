public import ArgumentParser
public import Attention

/// How a language model keeps what it has read.
struct CacheOptions: ParsableArguments {
    @Option(
        help: """
            How the keys and values of what was read are kept: float32, bfloat16 (half the memory) or int8 (a quarter). Long texts are \
            looked back at that much faster, and nearly the same is written.
            """)
    var cache = PageFormat.float32
}

extension PageFormat: ExpressibleByArgument {}
