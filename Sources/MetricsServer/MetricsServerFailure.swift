internal import Glibc
internal import NIOCore

/// Why nobody can listen there: one line.
package struct MetricsServerFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ error: any Error, address: String, port: Int) {
    let place = "metrics.listen: cannot listen on \(address) port \(port)"
    guard let error = error as? IOError else {
      description = "\(place): \(error)"
      return
    }
    let cause =
      switch error.errnoCode {
      case EADDRINUSE: "somebody else does; name another port"
      case EADDRNOTAVAIL: "no interface of this node has that address"
      case EACCES: "ports below 1024 need a capability that the daemon has not; name another"
      default: unsafe String(cString: strerror(error.errnoCode))
      }
    description = "\(place): \(cause)"
  }
}
