//i18n:data names of techniques

package kinds

// Terms are groups of names for one technique: what people say, what registers write, and the
// abbreviation. Found by one, a record should be found by the others.
func Terms() [][]string {
	return [][]string{
		{"电子显微镜", "电镜", "electron microscope"},
		{"扫描电子显微镜", "扫描电镜", "SEM", "scanning electron microscope"},
		{"透射电子显微镜", "透射电镜", "TEM", "transmission electron microscope"},
		{"场发射", "FESEM", "field emission"},
		{"聚焦离子束", "双束电镜", "FIB"},
		{"能谱", "能谱仪", "EDS", "EDX"},
		{"电子背散射衍射", "背散射衍射", "EBSD"},
		{"原子力显微镜", "AFM", "atomic force microscope"},
		{"激光共聚焦", "共聚焦显微镜", "CLSM", "confocal microscope"},
		{"X射线衍射", "X 射线衍射", "XRD", "X-ray diffraction"},
		{"X射线光电子能谱", "X 射线光电子能谱", "XPS"},
		{"X射线荧光", "X 射线荧光", "XRF"},
		{"工业CT", "工业 CT", "计算机断层扫描", "显微CT", "X射线三维"},
		{"核磁共振", "核磁", "NMR", "nuclear magnetic resonance"},
		{"电子顺磁共振", "EPR", "ESR"},
		{"红外光谱", "傅里叶变换红外", "红外光谱仪", "FTIR", "infrared spectrometer"},
		{"拉曼光谱", "拉曼", "Raman"},
		{"紫外可见", "紫外-可见分光光度", "分光光度计", "UV-Vis"},
		{"原子吸收", "AAS"},
		{"电感耦合等离子体质谱", "ICP-MS"},
		{"电感耦合等离子体发射光谱", "ICP-OES", "ICP-AES"},
		{"气相色谱-质谱", "气相色谱质谱", "气质联用", "气质", "GC-MS"},
		{"液相色谱-质谱", "液相色谱质谱", "液质联用", "液质", "LC-MS"},
		{"高效液相色谱", "液相色谱", "HPLC"},
		{"质谱仪", "质谱", "mass spectrometer"},
		{"差示扫描量热", "DSC"},
		{"热重分析", "热重", "TGA"},
		{"动态热机械分析", "DMA"},
		{"比表面积", "BET", "比表面及孔径"},
		{"激光粒度", "粒度分析", "粒径分布", "particle size"},
		{"三坐标测量", "三坐标", "CMM"},
		{"万能试验机", "拉伸试验", "拉力试验", "universal testing machine"},
		{"电磁兼容", "EMC"},
		{"基因测序", "高通量测序", "NGS"},
		{"聚合酶链式反应", "荧光定量", "PCR"},
		{"流式细胞", "flow cytometer"},
		{"冷冻干燥", "冻干", "freeze dryer"},
		{"三维打印", "3D打印", "3D 打印", "增材制造"},
	}
}

// Abroad are words of Taiwan and Hong Kong, in simplified characters, and what they are called on the mainland: only
// those that mean nothing else here (软体 and 晶片 do).
func Abroad() [][]string {
	return [][]string{
		{"雷射", "激光"}, {"奈米", "纳米"}, {"硬体", "硬件"}, {"网路", "网络"}, {"资料库", "数据库"}, {"印表机", "打印机"},
		{"积体电路", "集成电路"}, {"电晶体", "晶体管"}, {"感测器", "传感器"}, {"解析度", "分辨率"},
	}
}
