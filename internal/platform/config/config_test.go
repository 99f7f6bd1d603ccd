package config

import (
	"flag"
	"io"
	"testing"
)

// read does as a command does: flags, then the environment, then the check.
func read(args []string, env func(string) string) (c Config, rest []string, err error) {
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	c.Flags(f)
	if err := Parse(f, args, env); err != nil {
		return c, nil, err
	}
	return c, f.Args(), c.Check()
}

func TestRead(t *testing.T) {
	env := func(n string) string {
		return map[string]string{"QIAO_REGION": "310000", "QIAO_LISTEN": "127.0.0.1:1"}[n]
	}
	c, rest, err := read([]string{"--listen", "127.0.0.1:9", "--public", "https://x.cn/", "a"}, env)
	if err != nil || c.Listen != "127.0.0.1:9" || c.Region != "310000" || c.Public != "https://x.cn" || !c.Secure() || len(rest) != 1 {
		t.Errorf("%+v %v %v", c, rest, err)
	}
	for _, bad := range [][]string{{"--region", "33"}, {"--database", "mysql://x"}, {"--public", "x.cn"}, {"--nothing"}, {"--drain", "long"}} {
		if _, _, err := read(bad, func(string) string { return "" }); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
