internal import CLinux
internal import Glibc

/// A system call that failed: what was asked, of what, and the kernel's answer.
package struct SystemError: Error, Hashable, Sendable {
  /// The call, as its manual page names it: `bind`, `recvmsg`.
  package let call: String
  /// What it was about, for people: a path, an interface, an address. Empty where there is nothing.
  package let subject: String
  /// The error number (`errno(3)`).
  package let code: Int32

  package init(call: String, subject: String = "", code: Int32) {
    self.call = call
    self.subject = subject
    self.code = code
  }
}

extension SystemError: CustomStringConvertible {
  /// `bind /run/x.sock: Permission denied (EACCES 13)`.
  package var description: String {
    let text = unsafe String(cString: strerror(code))
    let name = unsafe strerrorname_np(code).map { unsafe String(cString: $0) } ?? "errno"
    return "\(call)\(subject.isEmpty ? "" : " \(subject)"): \(text) (\(name) \(code))"
  }
}
