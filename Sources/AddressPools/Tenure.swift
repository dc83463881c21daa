/// How a Service has an address that others may have too.
enum Tenure {
  /// It keeps it.
  case secure
  /// It keeps it if others move on, who ask for something else.
  case contested
  /// It has to give it up.
  case void
}
