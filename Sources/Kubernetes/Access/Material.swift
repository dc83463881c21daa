internal import Glibc
internal import LinuxSystem

/// Certificates or a key in PEM form: written down, or in a file that somebody may replace at any time.
package enum Material: Hashable, Sendable {
  case octets([UInt8])
  case file(String)

  /// Octets that a file of certificates, keys or a token has at most; a bundle of all public authorities
  /// has some 220 KiB.
  static let longest = 4 << 20

  /// What it is now.
  func contents(_ purpose: String) throws(AccessFault) -> [UInt8] {
    switch self {
    case .octets(let octets): octets
    case .file(let file): try Self.contents(of: file, purpose)
    }
  }

  /// Where it comes from, for people; nil where it stands in the kubeconfig itself.
  var file: String? {
    guard case .file(let file) = self else { return nil }
    return file
  }

  static func contents(of file: String, _ purpose: String) throws(AccessFault) -> [UInt8] {
    do {
      return try contentOfRegularFile(file, atMost: longest)
    } catch {
      let remedy =
        error.code == EACCES ? "; \(ProcessIdentity.own.remedy(toRead: file))" : ""
      throw AccessFault("cannot read `\(file)` (\(purpose)): \(words(for: error.code))\(remedy)")
    }
  }

  static func words(for code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "no such file"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "it is a directory"
    case EINVAL: "it is no regular file"
    case EFBIG: "it is longer than \(longest >> 20) MiB"
    default: unsafe String(cString: strerror(code))
    }
  }
}
