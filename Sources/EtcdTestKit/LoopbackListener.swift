internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A TCP socket on 127.0.0.x that takes connections on a thread of its own.
final class LoopbackListener: Sendable {
  let port: UInt16
  private let socket: Descriptor

  /// - Parameter lastOctet: of the address.
  convenience init(lastOctet: UInt8 = 1) throws(SystemError) {
    let number = try systemCall("socket") {
      Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }
    let socket = Descriptor(owning: number)
    var address = loopback(port: 0, lastOctet: lastOctet)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try systemCall("bind") {
      unsafe withSocketAddress(&address) { unsafe bind(number, $0, length) }
    }
    try self.init(on: socket)
  }

  /// - Parameter bound: has its address already.
  init(on bound: consuming Descriptor) throws(SystemError) {
    let number = bound.rawValue
    socket = bound
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try systemCall("listen") { listen(number, 128) }
    try systemCall("getsockname") {
      unsafe withSocketAddress(&address) { unsafe getsockname(number, $0, &length) }
    }
    port = UInt16(bigEndian: address.sin_port)
  }

  /// Takes connections from now on; those from before have waited.
  ///
  /// - Parameter take: takes over a connection; on the listener's thread.
  func start(_ take: @escaping @Sendable (consuming Descriptor) -> Void) {
    startThread(named: "listener") { [self] in
      while true {
        let connection = accept4(socket.rawValue, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        if connection >= 0 {
          take(Descriptor(owning: connection))
        } else if errno != EINTR && errno != ECONNABORTED {
          return
        }
      }
    }
  }

  /// Connections are refused from now on.
  func close() { shutdown(socket.rawValue, Int32(SHUT_RDWR)) }
}

func loopback(port: UInt16, lastOctet: UInt8 = 1) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0000 | UInt32(lastOctet)).bigEndian
  return address
}

func withSocketAddress<Result>(
  _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
) -> Result {
  unsafe withUnsafeMutablePointer(to: &address) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
  }
}

/// Connects to a port on 127.0.0.1.
func connectToLoopback(_ port: UInt16) throws(SystemError) -> Descriptor {
  let number = try systemCall("socket") {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }
  let descriptor = Descriptor(owning: number)
  var address = loopback(port: port)
  try systemCall("connect") {
    unsafe withSocketAddress(&address) {
      unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  return descriptor
}

/// Reads what there is; empty at the end of the stream and after an error.
func receive(_ descriptor: Int32) -> [UInt8] {
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    if count >= 0 { return Array(buffer[..<count]) }
    if errno != EINTR { return [] }
  }
}

/// Writes all of it; whether that went well.
func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes {
      unsafe Glibc.send(descriptor, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count < 0 {
      if errno == EINTR { continue }
      return false
    }
    rest = rest.dropFirst(count)
  }
  return true
}
