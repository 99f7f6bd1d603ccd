package dbtest
import ("testing";"fmt";"os";"strings";"strconv";"time";"path/filepath")
func cpu(pid int) float64 {
	sum := 0.0
	fs, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range fs {
		b, err := os.ReadFile(f); if err != nil { continue }
		s := string(b); s = s[strings.LastIndex(s, ")")+2:]
		p := strings.Fields(s)
		ppid, _ := strconv.Atoi(p[1])
		me, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
		n := func(i int) float64 { v, _ := strconv.ParseFloat(p[i-3], 64); return v/100 }
		if me == pid { sum += n(14)+n(15)+n(16)+n(17) } else if ppid == pid { sum += n(14)+n(15) }
	}
	return sum
}
func TestCreate(t *testing.T) {
	s, err := Start(Unsafe)
	if err != nil { t.Fatal(err) }
	server := s.URL
	if err := prepareTemplate(server); err != nil { t.Fatal(err) }
	pid := s.cmd.Process.Pid
	for _, st := range []string{"WAL_LOG", "FILE_COPY"} {
			for i := range 5 {
				n := fmt.Sprintf("y_%s_%d", st, i)
				c0, t0 := cpu(pid), time.Now()
				if err := admin(server, `CREATE DATABASE `+n+` TEMPLATE `+templateName()+` STRATEGY `+st); err != nil { t.Fatal(err) }
				c1, t1 := cpu(pid), time.Now()
				if err := admin(server, `DROP DATABASE `+n+` WITH (FORCE)`); err != nil { t.Fatal(err) }
				c2, t2 := cpu(pid), time.Now()
				fmt.Printf("%s create cpu %.2f wall %.2f drop cpu %.2f wall %.2f\n", st, c1-c0, t1.Sub(t0).Seconds(), c2-c1, t2.Sub(t1).Seconds())
			}
	}
	d, _ := os.ReadDir(s.dir+"/data/base"); for _, e := range d { f, _ := os.ReadDir(s.dir+"/data/base/"+e.Name()); var z int64; for _, x := range f { if i, err := x.Info(); err == nil { z += i.Size() } }; fmt.Println(e.Name(), len(f), z/1e6) }
	s.Stop()
}
