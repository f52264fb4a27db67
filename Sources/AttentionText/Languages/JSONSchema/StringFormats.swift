/// The formats of strings that are regular languages, as patterns.
///
/// Where the whole of a standard is no regular language, or a large one, less is written than it allows, never more: names of hosts of at most 8
/// labels of 30 characters, addresses of mail without quotes.
///
/// Source: JSON Schema Validation, draft 2020-12, section 7.3; RFC 3339 (times), RFC 3986 (addresses), RFC 4122, RFC 4291, RFC 5321.
enum StringFormats {
    static let patterns = [
        "date": "^\(date)$", "time": "^\(time)$", "date-time": "^\(date)T\(time)$", "duration": "^\(duration)$",
        "uuid": "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$", "ipv4": "^\(ipv4)$", "ipv6": "^\(ipv6)$",
        "hostname": "^\(host)$", "email": "^\(mailbox)@\(host)$", "uri": "^[A-Za-z][A-Za-z0-9+.-]*:\(resource)$",
    ]

    /// Days that there are, of the years 0001 … 9999; a 29 February in leap years.
    private static let date: String = {
        let year = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
        let fourth = "(?:0[48]|[2468][048]|[13579][26])"
        let days =
            "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
            + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
        return "(?:\(year)-\(days)|(?:[0-9]{2}\(fourth)|\(fourth)00)-02-29)"
    }()

    private static let time =
        "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

    private static let duration: String = {
        let time = "T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
        let date = "(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
        return "P(?:\(date)(?:\(time))?|\(time)|[0-9]+W)"
    }()

    private static let ipv4 = "(?:\(byte)\\.){3}\(byte)"
    private static let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

    /// Eight groups, of which one run of at least two zeros may be left out.
    private static let ipv6: String = {
        let group = "[0-9A-Fa-f]{1,4}"
        var forms = ["(?:\(group):){7}\(group)", "::(?:\(group)(?::\(group)){0,5})?"]
        for before in 1...6 {
            let behind = before == 6 ? "" : "(?:\(group)(?::\(group)){0,\(5 - before)})?"
            forms.append("\(group)(?::\(group)){\(before - 1)}::\(behind)")
        }
        return "(?:\(forms.joined(separator: "|")))"
    }()

    private static let label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,28}[A-Za-z0-9])?"
    private static let host = "\(label)(?:\\.\(label)){0,7}"

    private static let mailbox: String = {
        let atom = "[A-Za-z0-9_+-]{1,20}"
        return "\(atom)(?:\\.\(atom)){0,2}"
    }()

    private static let resource: String = {
        let (unreserved, escaped) = ("A-Za-z0-9._~!$&'()*+,;=\\-", "%[0-9A-Fa-f]{2}")
        let character = "(?:[\(unreserved):@]|\(escaped))"
        let path = "(?:\(character)+(?:/\(character)*)*)?"
        let authority =
            "//(?:(?:[\(unreserved):]|\(escaped))*@)?(?:[\(unreserved)]|\(escaped))*(?::[0-9]*)?(?:/\(character)*)*"
        let rest = "(?:\(character)|[/?])*"
        return "(?:\(authority)|/?\(path))(?:\\?\(rest))?(?:#\(rest))?"
    }()
}
