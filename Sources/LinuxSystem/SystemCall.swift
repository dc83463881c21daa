internal import CLinux
internal import Glibc

/// The one choke point for errno: runs `body`, repeats it while a signal interrupts it, and turns
/// -1 into a `SystemError` that names the call.
@discardableResult
package func systemCall<Result: FixedWidthInteger & SignedInteger>(
  _ call: @autoclosure () -> String, _ subject: @autoclosure () -> String = "",
  _ body: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = body()
    if result != -1 { return result }
    let code = errno
    if code == EINTR { continue }
    throw SystemError(call: call(), subject: subject(), code: code)
  }
}

/// The machine's name, `gethostname(2)`; empty where it has none.
package func hostName() -> String {
  // HOST_NAME_MAX is 64, to which a zero is added.
  var name = [CChar](repeating: 0, count: 65)
  guard unsafe gethostname(&name, name.count) == 0 else { return "" }
  return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
