internal import Glibc
internal import LinuxSystem

/// Reads the text of a configuration file, and says what is the matter where there is none.
enum ConfigurationFile {
  /// The largest file that is read, in octets: far above any real one, far below what hurts.
  static let sizeLimit = 8 << 20

  static func read(_ file: String) throws(ConfigurationFailure) -> String {
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
        throw failure("permission denied", "run as root, or make the file readable for this user")
      case EISDIR: throw failure("this is a directory", "name the file in it")
      case EFBIG:
        throw failure("the file is larger than \(sizeLimit >> 20) MiB", "name the right file")
      case EINVAL: throw failure("this is not a regular file", "name the right file")
      default: throw failure("cannot be read: \(error)", nil)
      }
    }
    guard let text = String(validating: octets, as: UTF8.self) else {
      throw ConfigurationFailure(diagnostics: [
        ConfigurationDiagnostic(
          file: file, place: firstFault(in: octets), path: "", message: "the text is not UTF-8",
          suggestion: "save the file in UTF-8")
      ])
    }
    return text
  }

  /// Where the text stops being UTF-8.
  private static func firstFault(in octets: [UInt8]) -> Place {
    var place = Place(line: 1, column: 1)
    var decoder = UTF8()
    var iterator = octets.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      if scalar == "\n" {
        place = Place(line: place.line + 1, column: 1)
      } else {
        place.column += 1
      }
    }
    return place
  }
}
