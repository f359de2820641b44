using EdgeDropBack.Graphs;

namespace EdgeDropBack.Traffic;

/// <summary>One access that a node makes, as known from the plan; what depends on tracked counts is worked out when it happens.</summary>
readonly record struct TrafficTerm(TrafficPhase Phase, TrafficOperand Operand, TrafficTermKind Kind, int Elements, Parameter? Parameter);
