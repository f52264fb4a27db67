// One import for everything: models, mechanisms, text, pictures, sounds and music, acting, training and drawings.
@_exported public import AttentionDecoding
@_exported public import AttentionEvaluation
@_exported public import AttentionFiles
@_exported public import AttentionInspection
@_exported public import AttentionLayers
@_exported public import AttentionMechanisms
@_exported public import AttentionModels
@_exported public import AttentionMusic
@_exported public import AttentionReinforcement
@_exported public import AttentionSignals
@_exported public import AttentionTensors
@_exported public import AttentionText
@_exported public import AttentionTraining
