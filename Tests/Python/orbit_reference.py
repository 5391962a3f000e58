#!/usr/bin/env python3
"""Writes Tests/Golden/orbit-reference.csv: one day of three orbits, computed by programs that share nothing with ours.

    /usr/bin/python3 Tests/Python/orbit_reference.py > Tests/Golden/orbit-reference.csv

Needs python3-astropy, python3-sgp4 and python3-scipy (made with 5.2.1, 2.15 and 1.10.1 of Debian 12). Times lie within the Earth
orientation tables that astropy ships, so that nothing is fetched and the result is the same everywhere.

    j2     point mass and J2 in axes that turn uniformly, integrated by DOP853 to 1e-12: what ours claims to compute.
    sgp4   the SGP4 theory with drag, from TEME to ITRS by astropy: what the world's catalogues are propagated with.
    forces EGM96 to degree and order 4, Sun and Moon, drag at solar maximum, precession, nutation, polar motion and UT1: closer to what is.
"""
import erfa
import numpy as np
from astropy import units as u
from astropy.coordinates import ITRS, TEME, CartesianDifferential, CartesianRepresentation, EarthLocation, get_body
from astropy.time import Time, TimeDelta
from astropy.utils import iers
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline
from sgp4.api import WGS72, Satrec

iers.conf.auto_download = False
START = Time("2022-03-01T04:13:25", scale="utc")
SECONDS = np.arange(0, 86_401, 1_800)
GM, J2, EQUATOR, TURN = 398_600.4418, 1.082_626_68e-3, 6_378.137, 7.292_115e-5

# EGM96, fully normalised: degree, order, C, S.
EGM96 = [
    (2, 0, -0.484165371736e-3, 0), (2, 1, -0.186987635955e-9, 0.119528012031e-8), (2, 2, 0.243914352398e-5, -0.140016683654e-5),
    (3, 0, 0.957254173792e-6, 0), (3, 1, 0.202998882184e-5, 0.248513158716e-6), (3, 2, 0.904627768605e-6, -0.619025944205e-6),
    (3, 3, 0.721072657057e-6, 0.141435626958e-5), (4, 0, 0.539873863789e-6, 0), (4, 1, -0.536321616971e-6, -0.473440265853e-6),
    (4, 2, 0.350694105785e-6, 0.662671572540e-6), (4, 3, 0.990771803829e-6, -0.200928369177e-6), (4, 4, -0.188560802735e-6, 0.308853169333e-6),
]
GM_SUN, GM_MOON = 132_712_440_018.0, 4_902.800_1

# Drag: 0.01 m2/kg, coefficient 2.2, and four times the mean density at 625 km, as in a solar maximum.
DRAG_PER_KM = 0.5 * 2.2 * 0.01 * 4e-13 * 1e3


def pull_of_field(place):
    """Attraction in earth-fixed axes, by the recursion of Cunningham (Montenbruck and Gill, Satellite Orbits, 3.2)."""
    x, y, z = place
    rr = place @ place
    rho = EQUATOR * EQUATOR / rr
    x0, y0, z0 = EQUATOR * x / rr, EQUATOR * y / rr, EQUATOR * z / rr
    top = 5
    v, w = np.zeros((top + 2, top + 2)), np.zeros((top + 2, top + 2))
    v[0, 0] = EQUATOR / np.sqrt(rr)
    for m in range(top + 1):
        if m:
            v[m, m] = (2 * m - 1) * (x0 * v[m - 1, m - 1] - y0 * w[m - 1, m - 1])
            w[m, m] = (2 * m - 1) * (x0 * w[m - 1, m - 1] + y0 * v[m - 1, m - 1])
        for n in range(m + 1, top + 1):
            before = (v[n - 2, m], w[n - 2, m]) if n > m + 1 else (0, 0)
            v[n, m] = ((2 * n - 1) * z0 * v[n - 1, m] - (n + m - 1) * rho * before[0]) / (n - m)
            w[n, m] = ((2 * n - 1) * z0 * w[n - 1, m] - (n + m - 1) * rho * before[1]) / (n - m)
    pull = np.zeros(3)
    for n, m, c, s in [(0, 0, 1.0, 0.0)] + [unnormalised(*term) for term in EGM96]:
        if m == 0:
            pull += (-c * v[n + 1, 1], -c * w[n + 1, 1], -(n + 1) * c * v[n + 1, 0])
        else:
            f = (n - m + 1) * (n - m + 2)
            pull += (
                0.5 * (-c * v[n + 1, m + 1] - s * w[n + 1, m + 1] + f * (c * v[n + 1, m - 1] + s * w[n + 1, m - 1])),
                0.5 * (-c * w[n + 1, m + 1] + s * v[n + 1, m + 1] + f * (-c * w[n + 1, m - 1] + s * v[n + 1, m - 1])),
                (n - m + 1) * (-c * v[n + 1, m] - s * w[n + 1, m]))
    return pull * GM / EQUATOR**2


def unnormalised(n, m, c, s):
    f = np.sqrt((1 if m == 0 else 2) * (2 * n + 1) * float(np.prod(range(1, n - m + 1))) / float(np.prod(range(1, n + m + 1))))
    return n, m, c * f, s * f


def with_j2(state):
    """The day by J2 alone: axes of the start stand still, the earth-fixed ones turn about the pole."""
    def change(_, motion):
        place = motion[:3]
        rr = place @ place
        r = np.sqrt(rr)
        k = 1.5 * J2 * GM * EQUATOR**2 / r**5
        polar = 5 * place[2] ** 2 / rr
        return np.concatenate((motion[3:], -GM * place / r**3 - k * place * np.array([1 - polar, 1 - polar, 3 - polar])))

    turn = np.array([0, 0, TURN])
    begin = np.concatenate((state[:3], state[3:] + np.cross(turn, state[:3])))
    way = solve_ivp(change, (0, SECONDS[-1]), begin, "DOP853", SECONDS, rtol=1e-12, atol=1e-12).y.T
    for seconds, motion in zip(SECONDS, way):
        s, c = np.sin(TURN * seconds), np.cos(TURN * seconds)
        to_earth = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
        place = to_earth @ motion[:3]
        yield np.concatenate((place, to_earth @ motion[3:] - np.cross(turn, place)))


def with_all_forces(state):
    """The day with all that moves a satellite at 625 km by more than some metres."""
    tt, utc = START.tt, START
    table = iers.IERS_B.open()
    ut1_utc, (xp, yp) = table.ut1_utc(utc).to_value(u.s), [value.to_value(u.rad) for value in table.pm_xy(utc)]
    hours = np.arange(-1, 26) * 3_600.0
    places = [[get_body(name, START + TimeDelta(second, format="sec")).cartesian.xyz.to_value(u.km) for name in ("sun", "moon")] for second in hours]
    sun_and_moon = CubicSpline(hours, np.reshape(places, (len(hours), 6)))

    def to_earth(seconds):
        return erfa.c2t06a(tt.jd1, tt.jd2 + seconds / 86_400, utc.jd1, utc.jd2 + (seconds + ut1_utc) / 86_400, xp, yp)

    def turning(seconds):
        return (to_earth(seconds + 1) - to_earth(seconds - 1)) / 2

    def change(seconds, motion):
        place, speed = motion[:3], motion[3:]
        matrix = to_earth(seconds)
        pull = matrix.T @ pull_of_field(matrix @ place)
        bodies = sun_and_moon(seconds)
        for gm, body in ((GM_SUN, bodies[:3]), (GM_MOON, bodies[3:])):
            away = body - place
            pull += gm * (away / np.linalg.norm(away) ** 3 - body / np.linalg.norm(body) ** 3)
        wind = speed - np.cross([0, 0, TURN], place)
        return np.concatenate((speed, pull - DRAG_PER_KM * np.linalg.norm(wind) * wind))

    begin = np.concatenate((to_earth(0).T @ state[:3], to_earth(0).T @ state[3:] + turning(0).T @ state[:3]))
    way = solve_ivp(change, (0, SECONDS[-1]), begin, "DOP853", SECONDS, rtol=1e-11, atol=1e-9).y.T
    for seconds, motion in zip(SECONDS, way):
        yield np.concatenate((to_earth(seconds) @ motion[:3], to_earth(seconds) @ motion[3:] + turning(seconds) @ motion[:3]))


def with_sgp4():
    """Mean elements of an orbit like the mission's: 625 km, 29 degrees, nearly circular."""
    satellite = Satrec()
    satellite.sgp4init(
        WGS72, "i", 1, START.jd - 2_433_281.5, 5e-5, 0.0, 0.0, 0.0008, np.radians(75), np.radians(29.05), np.radians(310), 2 * np.pi / 97.18, np.radians(130))
    for seconds in SECONDS:
        at = START + TimeDelta(seconds, format="sec")
        error, place, speed = satellite.sgp4(at.jd1, at.jd2)
        assert error == 0
        teme = TEME(CartesianRepresentation(place * u.km, differentials=CartesianDifferential(speed * u.km / u.s)), obstime=at)
        earth = teme.transform_to(ITRS(obstime=at))
        yield np.concatenate((earth.cartesian.xyz.to_value(u.km), earth.velocity.d_xyz.to_value(u.km / u.s)))


def main():
    days = {"sgp4": list(with_sgp4())}
    begin = days["sgp4"][0]
    days |= {"j2": list(with_j2(begin)), "forces": list(with_all_forces(begin))}
    print(f"# Made by Tests/Python/orbit_reference.py. Earth-fixed axes (ITRS), km and km/s; degrees and km on WGS84. Seconds after {START.isot}Z.")
    print("reference,seconds,x,y,z,vx,vy,vz,longitude,latitude,altitude")
    for name, day in days.items():
        for seconds, row in zip(SECONDS, day):
            below = EarthLocation.from_geocentric(*row[:3], unit=u.km).to_geodetic("WGS84")
            values = [f"{value:.6f}" for value in row[:3]] + [f"{value:.9f}" for value in row[3:]]
            print(",".join([name, str(seconds), *values, f"{below.lon.deg:.6f}", f"{below.lat.deg:.6f}", f"{below.height.to_value(u.km):.6f}"]))


if __name__ == "__main__":
    main()
