import FoundationEssentials
import Glibc

/// A directory that goes with this value, and all that is in it.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/announcer-manifests-XXXXXX".utf8CString)
    _ = unsafe mkdtemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file in place.
  func write(_ name: String, _ text: String) {
    let file = unsafe fopen("\(path)/\(name)", "w")
    _ = unsafe fputs(text, file)
    _ = unsafe fclose(file)
  }

  /// Puts a file in place as careful programs do: written beside it, then renamed.
  func replace(_ name: String, _ text: String) {
    write(".\(name).new", text)
    rename(".\(name).new", name)
  }

  func rename(_ old: String, _ new: String) {
    _ = unsafe Glibc.rename("\(path)/\(old)", "\(path)/\(new)")
  }

  func remove(_ name: String) { _ = unsafe Glibc.remove("\(path)/\(name)") }

  func makeDirectory(_ name: String) { _ = unsafe mkdir("\(path)/\(name)", 0o700) }

  func link(_ name: String, to target: String) {
    _ = unsafe symlink(target, "\(path)/\(name)")
  }
}

/// A Service of a load balancer, as a document.
func serviceText(_ name: String, _ address: String) -> String {
  """
  apiVersion: v1
  kind: Service
  metadata: {name: \(name)}
  spec: {type: LoadBalancer, loadBalancerIP: \(address)}

  """
}
