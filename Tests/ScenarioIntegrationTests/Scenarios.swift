import Testing

/// Scenarios that run one after the other: each keeps a processor busy for seconds or measures how
/// soon something happens, and all at once would measure each other. Those that mostly wait for time
/// to pass run beside them.
@Suite(.serialized)
struct Scenarios {}
