package sspay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** 전문에 필요한 만큼의 JSON. Jackson이나 Gson을 이미 쓴다면 그것을 쓰세요. */
final class Json {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final int DEEPEST = 100;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static String write(Map<String, String> fields) {
        var json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",").append(quote(name)).append(':').append(quote(value)));
        return json.append('}').toString();
    }

    private static String quote(String text) {
        var json = new StringBuilder("\"");
        for (var letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') json.append('\\').append(letter);
            else if (letter < ' ') json.append(String.format("\\u%04x", (int) letter));
            else json.append(letter);
        }
        return json.append('"').toString();
    }

    /** 객체 하나. 글자가 아닌 값은 그 JSON을 글자로, null은 없는 것으로. 틀린 JSON은 IllegalArgumentException. */
    static Map<String, String> read(String text) {
        var json = new Json(text);
        json.blank();
        var fields = json.object(0);
        json.blank();
        if (json.at != text.length()) throw json.wrong();
        return fields;
    }

    private Map<String, String> object(int depth) {
        var fields = new LinkedHashMap<String, String>();
        expect('{');
        blank();
        if (take('}')) return fields;
        do {
            blank();
            var name = string();
            blank();
            expect(':');
            blank();
            var value = value(depth + 1);
            if (value != null) fields.put(name, value);
            blank();
        } while (take(','));
        expect('}');
        return fields;
    }

    private String value(int depth) {
        if (depth > DEEPEST || at >= text.length()) throw wrong();
        var start = at;
        switch (text.charAt(at)) {
            case '"':
                return string();
            case '{':
                object(depth);
                return text.substring(start, at);
            case '[':
                array(depth);
                return text.substring(start, at);
            default:
                return literal();
        }
    }

    private void array(int depth) {
        expect('[');
        blank();
        if (take(']')) return;
        do {
            blank();
            value(depth + 1);
            blank();
        } while (take(','));
        expect(']');
    }

    private String literal() {
        for (var word : List.of("null", "true", "false")) {
            if (!text.startsWith(word, at)) continue;
            at += word.length();
            return word.equals("null") ? null : word;
        }
        var number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) throw wrong();
        at = number.end();
        return number.group();
    }

    private String string() {
        expect('"');
        var read = new StringBuilder();
        while (at < text.length()) {
            var letter = text.charAt(at++);
            if (letter == '"') return read.toString();
            if (letter < ' ') throw wrong();
            read.append(letter == '\\' ? escape() : letter);
        }
        throw wrong();
    }

    private char escape() {
        if (at >= text.length()) throw wrong();
        var letter = text.charAt(at++);
        var known = "\"\\/bfnrt".indexOf(letter);
        if (known >= 0) return "\"\\/\b\f\n\r\t".charAt(known);
        if (letter != 'u' || at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) throw wrong();
        at += 4;
        return (char) Integer.parseInt(text, at - 4, at, 16);
    }

    private void blank() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private boolean take(char letter) {
        if (at >= text.length() || text.charAt(at) != letter) return false;
        at++;
        return true;
    }

    private void expect(char letter) {
        if (!take(letter)) throw wrong();
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("JSON이 아닙니다");
    }
}
