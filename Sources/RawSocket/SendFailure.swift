package import Announcer
package import LinuxSystem

/// Why an announcement did not leave.
package enum SendFailure: Error, Hashable, Sendable {
  /// It may not be sent now.
  case silent(Reason)
  /// The kernel did not take the frame (`sendto`): EPERM or ENOBUFS by a packet filter, ENOBUFS where the
  /// link's queue is full, ENETDOWN, ENXIO where the link is gone.
  case refused(SystemError)
}
