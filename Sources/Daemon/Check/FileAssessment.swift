internal import Configuration
internal import Glibc
internal import HostAudit
internal import Kubernetes
internal import LinuxSystem
internal import Manifests

/// Whether the service can read what the configuration names and write where it has to, whichever user asks.
struct FileAssessment {
  private(set) var problems: [String] = []
  private(set) var notChecked: [String] = []
  /// The first key of each section whose files the asking user may not read.
  private(set) var closed: [String: NamedFile] = [:]

  /// What the service is; nil where none is installed, or where it runs as root.
  private let service: ServiceAccess?

  init(_ configuration: Configuration, units: ServiceUnitReader = ServiceUnitReader()) {
    let unit = units.read()
    let own = unit?.configuration ?? Configuration.usualFile
    if unit != nil, !Self.isSame(configuration.file, own) {
      // It may lie where the service never looks, and name what is not in its place yet.
      notChecked = ["what the service may read and write: it reads \(own), and not this file"]
      service = nil
    } else {
      service = unit.flatMap { unit in
        ServiceIdentity(unit).map { ServiceAccess(unit: unit, identity: $0) }
      }
    }
    if configuration.file.hasPrefix("/") {
      judge(NamedFile(key: "", path: configuration.file), .read)
    }
    for file in configuration.namedFiles { look(at: file) }
    for place in configuration.namedPlaces { look(for: place) }
  }

  private static func isSame(_ file: String, _ other: String) -> Bool {
    guard file != other else { return true }
    guard let stamp = FileStamp(file) else { return false }
    return stamp == FileStamp(other)
  }

  // MARK: Files to read

  private mutating func look(at file: NamedFile) {
    do throws(SystemError) {
      try systemCall("open", file.path) {
        unsafe faccessat(AT_FDCWD, file.path, R_OK, AT_EACCESS)
      }
    } catch {
      switch error.code {
      case EACCES where geteuid() != 0:
        note(file, "this user may not read \(file.path)")
        if closed[file.section] == nil { closed[file.section] = file }
      // The readers of manifests and kubeconfigs say so in words of their own.
      case _ where file.section != "lease": break
      default: problems.append("\(file.key): \(error)")
      }
    }
    judge(file, .read)
    switch file.key {
    case "kubernetes.kubeconfig":
      guard let access = try? ClusterAccess.find(kubeconfig: file.path) else { return }
      for (purpose, path) in access.files where path.hasPrefix("/") {
        judge(NamedFile(key: "\(file.key), \(purpose)", path: path), .read)
      }
    case "manifests":
      for path in manifestFiles(in: [file.path]) where path != file.path {
        judge(NamedFile(key: file.key, path: path), .read)
      }
    default: break
    }
  }

  /// Whether the service may, which its own unit and the modes of the files say.
  private mutating func judge(_ file: NamedFile, _ need: ServiceAccess.Need) {
    guard let service else { return }
    let steps: [PathStep]
    do throws(SystemError) {
      steps = try PathWalk.steps(to: file.path)
    } catch {
      // What is not there has been said.
      if error.code == EACCES { note(file, "this user may not see the way to \(file.path)") }
      return
    }
    switch service.judge(steps, need, path: file.path) {
    case .allowed: break
    case .denied(let text): problems.append(file.said(text))
    case .unknown(let text): notChecked.append(file.said(text))
    }
  }

  // MARK: Places to write

  /// The directory of a path, or the one in which the daemon would make that.
  private mutating func look(for place: NamedFile) {
    if let service, service.makes(place.path) { return }
    // The lease makes its directory with all above it; the socket makes one.
    let mostMissing = place.key == "control.socket" ? 2 : Int.max
    let wanted = place.key == "control.socket" ? parent(of: place.path) : place.path
    var directory = wanted
    var missing = 1
    while isMissing(directory), directory != "/" {
      guard missing < mostMissing else {
        problems.append(
          "\(place.key): the directory \(wanted) is not there: mkdir -p \(shellWord(wanted)), or "
            + "name another path")
        return
      }
      missing += 1
      directory = parent(of: directory)
    }
    do throws(SystemError) {
      guard FileStamp(directory)?.isDirectory != false else {
        throw SystemError(call: "open", subject: directory, code: ENOTDIR)
      }
      try systemCall("access", directory) {
        unsafe faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS)
      }
    } catch {
      if error.code == EACCES, geteuid() != 0 {
        note(place, "this user may not write to \(directory)")
      } else {
        problems.append("\(place.key): \(error)")
      }
    }
    judge(NamedFile(key: place.key, path: directory), .write)
  }

  private func isMissing(_ path: String) -> Bool {
    do throws(SystemError) {
      _ = try PathWalk.steps(to: path)
      return false
    } catch {
      return error.code == ENOENT
    }
  }

  private func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  private mutating func note(_ file: NamedFile, _ text: String) {
    notChecked.append(file.said("\(text): run with sudo"))
  }
}

extension NamedFile {
  /// `lease` of `lease.etcd.key`.
  fileprivate var section: String { String(key.prefix { $0 != "." }) }

  fileprivate func said(_ text: String) -> String { key.isEmpty ? text : "\(key): \(text)" }
}
