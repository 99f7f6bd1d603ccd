package config

import (
	"io"
	"testing"
)

func TestRead(t *testing.T) {
	env := func(n string) string {
		return map[string]string{"QIAO_REGION": "310000", "QIAO_LISTEN": "127.0.0.1:1"}[n]
	}
	c, rest, err := Read("serve", []string{"--listen", "127.0.0.1:9", "--public", "https://x.cn/", "a"}, env, io.Discard)
	if err != nil || c.Listen != "127.0.0.1:9" || c.Region != "310000" || c.Public != "https://x.cn" || !c.Secure() || len(rest) != 1 {
		t.Errorf("%+v %v %v", c, rest, err)
	}
	for _, bad := range [][]string{{"--region", "33"}, {"--database", "mysql://x"}, {"--public", "x.cn"}, {"--nothing"}, {"--drain", "long"}} {
		if _, _, err := Read("serve", bad, func(string) string { return "" }, io.Discard); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
