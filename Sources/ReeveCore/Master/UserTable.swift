import ReeveModel

/// Who has submitted jobs, and what of the cluster their tasks have.
struct UserTable: Equatable, Sendable {
  struct User: Equatable, Sendable {
    var name: String
    /// What those of their tasks asked for that have an attempt.
    var used = Resources.zero
  }

  private var users: [User] = []
  private var numbers: [String: UserNumber] = [:]

  var all: [UserNumber] { users.indices.map { UserNumber(UInt32($0) + 1) } }

  /// Those who have something.
  var active: [User] { users.filter { $0.used != .zero } }

  subscript(number: UserNumber) -> User {
    get { users[number.index - 1] }
    _modify { yield &users[number.index - 1] }
  }

  /// Users are numbered from 1, the first time that they are asked for.
  mutating func number(of name: String) -> UserNumber {
    if let known = numbers[name] { return known }
    users.append(User(name: name))
    let number = UserNumber(UInt32(users.count))
    numbers[name] = number
    return number
  }
}
