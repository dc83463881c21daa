internal import Glibc
internal import LinuxSystem
internal import YAMLDocuments

/// Reads the text of a configuration file, and says what is the matter where there is none.
enum ConfigurationFile {
  /// The largest file that is read, in octets: far above any real one, far below what hurts.
  static let sizeLimit = 8 << 20

  static func read(_ file: String) throws(ConfigurationFailure) -> YAMLText {
    func failure(_ message: String, _ suggestion: String?) -> ConfigurationFailure {
      ConfigurationFailure(diagnostics: [
        ConfigurationDiagnostic(
          file: file, place: nil, path: "", message: message, suggestion: suggestion)
      ])
    }
    let octets: [UInt8]
    do throws(SystemError) {
      octets = try contentOfRegularFile(file, atMost: sizeLimit)
    } catch {
      switch error.code {
      case ENOENT:
        throw failure("there is no such file", "write one, or name another with --config")
      case EACCES, EPERM:
        throw failure("permission denied", ProcessIdentity.own.remedy(toRead: file))
      case EISDIR: throw failure("this is a directory", "name the file in it")
      case EFBIG:
        throw failure("the file is larger than \(sizeLimit >> 20) MiB", "name the right file")
      case EINVAL: throw failure("this is not a regular file", "name the right file")
      default: throw failure("cannot be read: \(error)", nil)
      }
    }
    do throws(YAMLFault) {
      return try YAMLText(octets)
    } catch {
      throw ConfigurationFailure(diagnostics: [
        ConfigurationDiagnostic(
          file: file, place: error.place, path: "", message: error.message,
          suggestion: error.suggestion)
      ])
    }
  }
}
