internal import Cluster

/// How a Service has an address that others may have too.
enum Tenure {
  /// It keeps it.
  case secure
  /// It keeps it if others move on, who ask for something else; this one keeps it if not.
  case contested(ObjectName)
  /// It has to give it up to this one.
  case void(ObjectName)
}
