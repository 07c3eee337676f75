package sspay;

import java.util.Locale;

/** 화면들이 함께 쓰는 것. 바깥에서 온 글자는 모두 e()를 거칩니다. */
public final class Html {
    public static final String STYLE = """
            :root { color-scheme: light dark; --ink: #191f28; --soft: #5b6672; --line: #e1e5ea; --ground: #f4f6f8; --paper: #fff; --accent: #1d5fd6; --on-accent: #fff; --bad: #c02b2b; }
            @media (prefers-color-scheme: dark) { :root { --ink: #eceff3; --soft: #a3adb9; --line: #343b45; --ground: #14171b; --paper: #1e2329; --accent: #7cabff; --on-accent: #10151c; --bad: #ff8f85; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans KR", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
            header, main { max-width: 560px; margin: 0 auto; padding: 20px; }
            header { padding-bottom: 0; font-weight: 700; }
            a { color: var(--accent); }
            header a { color: inherit; text-decoration: none; }
            section { margin-bottom: 16px; padding: 24px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); }
            h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.35; }
            h2 { margin: 0 0 8px; font-size: 17px; }
            p { margin: 0 0 12px; }
            dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; margin: 16px 0; }
            dt { color: var(--soft); }
            dt, dd { font-size: 15px; }
            dd { margin: 0; text-align: right; }
            section > :last-child { margin-bottom: 0; }
            form + form { margin-top: 8px; }
            button { width: 100%; min-height: 48px; padding: 0 18px; border: 0; border-radius: 10px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 700; cursor: pointer; }
            button.plain { border: 1px solid var(--line); background: none; color: var(--ink); }
            input { width: 100%; min-height: 48px; margin-bottom: 12px; padding: 0 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: inherit; font: inherit; }
            :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
            .soft { color: var(--soft); font-size: 14px; }
            .bad { color: var(--bad); }
            """;

    private Html() {}

    public static String e(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    public static String won(long amount) {
        return String.format(Locale.ROOT, "%,d원", amount);
    }

    /** 이 화면의 스타일과 스크립트는 nonce가 있는 것만, 결제창은 결제 서비스의 것만 엽니다. */
    public static String policy(Settings settings, String nonce) {
        var windows = settings.pcWindow() + " " + settings.mobileWindow();
        return "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce + "' " + windows
                + "; frame-src " + windows + "; img-src data:; form-action 'self' " + windows
                + "; base-uri 'none'; frame-ancestors 'none'";
    }
}
