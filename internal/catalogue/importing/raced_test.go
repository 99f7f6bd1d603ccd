//go:build race

package importing

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// Under the race detector each history of imports takes ten times as long: fewer of them do, the plain program tries the rest.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.checks", "20"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
