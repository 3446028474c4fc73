package sensors

// bmp280Coefficients are T1 to T3 and P1 to P9: those of the data sheet's example of a calculation.
var bmp280Coefficients = [12]int32{27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000}

// bmp280Fine is t_fine of a reading, 1/5120 °C, in the floating-point form of section 8.1.
func bmp280Fine(raw float64) float64 {
	t := func(i int) float64 { return float64(bmp280Coefficients[i-1]) }
	x := raw/131072 - t(1)/8192
	return (raw/16384-t(1)/1024)*t(2) + x*x*t(3)
}

// bmp280Pascal is the pressure of a reading, in Pa, in the same form.
func bmp280Pascal(raw, fine float64) float64 {
	p := func(i int) float64 { return float64(bmp280Coefficients[i+2]) }
	x := fine/2 - 64000
	offset := x*x*p(6)/32768 + x*p(5)*2
	offset = offset/4 + p(4)*65536
	slope := (1 + (p(3)*x*x/524288+p(2)*x)/524288/32768) * p(1)
	pressure := (1048576 - raw - offset/4096) * 6250 / slope
	return pressure + (p(9)*pressure*pressure/2147483648+pressure*p(8)/32768+p(7))/16
}
