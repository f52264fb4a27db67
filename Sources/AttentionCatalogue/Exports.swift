// Descriptors, options and outputs, in whose terms the catalogue speaks.
@_exported public import AttentionMechanisms
