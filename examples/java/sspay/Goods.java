package sspay;

import java.util.LinkedHashMap;
import java.util.Map;

/** 값은 서버에만 있습니다. 브라우저는 무엇을 살지만 고릅니다. */
public record Goods(String name, long price) {
    public static final Map<String, Goods> ALL = all();

    private static Map<String, Goods> all() {
        var goods = new LinkedHashMap<String, Goods>();
        goods.put("coffee", new Goods("따뜻한 커피", 1004));
        goods.put("teapot", new Goods("백자 찻주전자", 58000));
        return goods;
    }
}
