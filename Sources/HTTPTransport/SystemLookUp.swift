internal import Glibc

/// The addresses of a host in the resolver's order (getaddrinfo(3)). Blocks.
@Sendable
package func systemLookUp(_ name: String) -> Result<[String], HostFinder.LookUpFailure> {
  var hints = unsafe addrinfo()
  unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var list: UnsafeMutablePointer<addrinfo>?
  let code = unsafe getaddrinfo(name, nil, &hints, &list)
  guard code == 0 else {
    return .failure(HostFinder.LookUpFailure(unsafe String(cString: gai_strerror(code))))
  }
  defer { unsafe freeaddrinfo(list) }
  var addresses: [String] = []
  var next = unsafe list
  while let entry = unsafe next {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let isWritten =
      unsafe getnameinfo(
        entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
        NI_NUMERICHOST) == 0
    if isWritten {
      addresses.append(
        String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    unsafe next = entry.pointee.ai_next
  }
  return .success(addresses)
}
